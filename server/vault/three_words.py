"""256 short Swedish words that are hard to mishear, for comparing keys by phone or across a table."""

WORDS = tuple(
    """
abborre afton abbot aker alm ananas anka apelsin april ark aska astronom atlas avokado bagare balkong banan bandy
barr bastu batteri bokhylla berg betong bibliotek bil biskop björk blad blixt blomma bläck bok boll bord borste bris
bro bröd buske båt bäck bälte cello cement choklad cirkel citron cykel dadel dag damm dans delfin diamant dikt dimma
docka dröm duk duva dynga ekorre eld element elva engel etikett fabrik fackla faster fika film filt finger fisk fjäril
fjäll flagga flaska flod fluga flöjt fot frö fågel fönster gaffel gardin gata giraff gitarr glas glass gran gren gruva
gräs gröt guld gurka gård gås hammare handduk harpa hatt havre hink hjul hjärta honung hund hylla häst hö igelkott
insekt is jacka jordgubbe juice kaffe kamel kanel kanin kapten karta katt kedja kikare kjol klocka klöver knapp kniv
kohl kokos kompass korg korp kork kran krona krydda kråka kuvert kyrka källa lada lakrits lampa lax lejon linjal loft
lus lykta lärka löv makrill mandel mantel mast matta melon metall mjölk moln morot mossa motor mugg mur mynt myra mås
måne nagel natt nejlika nyckel näbb nöt oboe olja orgel orkan ost oxe paddel palm panna papper paraply park pensel
peppar piano pil pingvin pistasch planet plommon pojke poppel potatis prick pärla päron radio ranka regn ren ris robot
ros råg rädisa räv rök saft salt sand saxofon segel sjö skog skorpa sko skägg slott smed snö sol spade spegel spik
stekel sten stjärna stol strand struts ström svamp svan sång säck söm tak tall tavla tegel tiger tomat torg torn tratt
""".split()  # noqa: SIM905 - a list is read more easily so
)[:256]
