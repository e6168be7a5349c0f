"""The demo participant's plan, story, safety plan, and an answer about money.

Written on different days, as a person writes; one goal has been shown to the coach.
"""

from datetime import timedelta

from server.circle import people, sharing
from server.circle.copies import Terms
from server.core import clock, ids
from server.demo_circle import Somebody, ago
from server.items import keeping
from server.items.payloads import Texts
from server.items.sheets import ONE, Sheet
from server.money.questions import QUESTIONS
from server.money.sheets import ANSWER
from server.plan.sheets import AREA, DREAM, GOAL, OBSTACLE, STEP, TRY
from server.story import meet
from server.story.sheets import ADAPTATIONS, PICTURE, SAFETY, STORY

_DREAM = {
    "dream": "Jag vill jobba med växter. Ute, helst. Och slippa telefon.",
    "people": "Några få, helst samma.",
    "tasks": "Odla, plantera om, se att det växer.",
    "place": "Ute, eller tyst.",
    "pace": "I egen takt, med pauser.",
    "ideas": "Hjälpa mormor med balkonglådorna.",
}
_AREAS = {
    "vardag": {"now": "Lugnt nu", "works": "Samma frukost, samma tid"},
    "ekonomi": {"now": "Oroar, särskilt juni", "marks": "works:talk"},
    "halsa": {"now": "Sover oroligt"},
    "relationer": {"now": "Jonas, syrran"},
    "fritid": {"now": "Biblioteket", "works": "Tysta rummet"},
    "studier": {"now": "Inte nu"},
    "arbete": {"now": "Jord, sticklingar, tålamod", "wish": "Några timmar i veckan, ute"},
    "hem": {"now": "Tyst och bra", "care": "Mormor, söndagar"},
}
_TRY = {
    "title": "En förmiddag i växthuset",
    "length": "Två timmar",
    "conditions": "Inte före tio. Någon som vet att jag kommer.",
    "otherwise": "Jag säger till Jonas och går hem. Vi provar en kortare stund en annan dag.",
    "keeps": "yes",
    "happened": "Planterade om sticklingar i en och en halv timme. Åt lunch ensam.",
    "cost": "took_little",
    "learned": "Händerna i jorden gör huvudet tyst. Lunchrummet var för mycket.",
    "change": "Gå före lunch.",
    "state": "tried",
}
_STORY = (
    {
        "title": "Mitt liv nu",
        "full": "Jag bor ensam i en tvåa. Förmiddagarna är långsamma. Efter lunch går jag ut.\n\n"
        "På söndagar är jag hos mormor. Vi lagar mat och säger inte så mycket.",
        "short": "Jag bor ensam. Efter lunch är det lättast. På söndagar är jag hos mormor.",
    },
    {
        "title": "Vad som hjälper",
        "full": "Att få veta i förväg. Att någon sitter bredvid och inte frågar. Jord under naglarna.",
    },
)
_MEET = {
    "wishes": "Jobba med växter, några timmar i veckan\nBörja tidigast klockan tio",
    "meeting": "Ställ en fråga i taget. Skriv hellre än ring. Låt det vara tyst en stund.",
    "strengths": "Noggrann. Minns vad folk behöver. Får krukväxter att leva.",
}
_PICTURE = {
    "strengths": "Noggrann med händerna\nMinns vad andra behöver",
    "conditions": "Samma personer\nEn sak i taget\nNågon som vet att jag kommer",
    "harder": "Telefon, trånga lunchrum",
    "range_from": "en timme",
    "range_to": "två timmar",
    "range_conditions": "En eller två dagar i veckan, efter tio, med vila dagen efter.",
}
_ADAPTATIONS = {
    "usual": "Långsam förmiddag. Mest kraft mellan tolv och tre.",
    "can": "Arbeta ute eller i tyst rum, en sak i taget.",
    "cannot": "Kassa, telefon och lunchrum.",
    "next": "Börja klockan tio, och gå före lunch.",
    "follows": "Lena",
}
_SAFETY = {
    "signs": "Jag slutar öppna posten. Sover i soffan.",
    "do": "Ställer mig i duschen. Går runt huset.",
    "places": "Biblioteket, tysta rummet. Mormors kök.",
    "people": "Jonas 031-390 06 21\nSyrran 031-390 06 22",
    "helps": "Att någon kommer förbi utan att ringa först.",
    "worse": "Att få frågan vad jag ska göra åt det.",
    "reasons": "Mormor. Katten på gården. Pelargonerna i mars.",
}


def fill(owner: Somebody) -> None:
    """Lay the plan in the participant's drawer, and hand the goal to the one who is main contact."""
    _one(owner, DREAM, ONE, 90, _DREAM)
    goal = _one(
        owner,
        GOAL,
        "",
        80,
        {"goal": "Två förmiddagar i veckan i ett växthus, före sommaren.", "kind": "Arbete"},
    )
    sleep = _one(owner, GOAL, "", 30, {"goal": "Sova hela natten, ibland.", "kind": "Må bättre"})
    steps = [
        _one(owner, STEP, "", back, {"goal": goal, **texts})
        for back, texts in (
            (
                20,
                {
                    "title": "Sitta på biblioteket en kvart",
                    "smallest": "Gå in och vända",
                    "activity": "tidningen",
                    "state": "trying",
                },
            ),
            (
                70,
                {
                    "title": "Ringa växthuset",
                    "state": "tried",
                    "learned": "Telefon på morgonen låser sig. Mejl går.",
                    "became": "Mejla växthuset",
                },
            ),
            (69, {"title": "Mejla växthuset", "smallest": "Skriva en rad och spara"}),
            (60, {"title": "Kurs om krukväxter", "kind": "course", "state": "resting"}),
            (50, {"title": "Fråga Jonas om att följa med", "kind": "people", "state": "done"}),
        )
    ]
    _one(owner, STEP, "", 12, {"goal": sleep, "title": "Lägga telefonen i köket", "smallest": "På golvet"})
    _one(
        owner,
        TRY,
        "",
        15,
        {"step": steps[2], "start": (clock.today() - timedelta(days=16)).isoformat(), **_TRY},
    )
    _one(
        owner,
        OBSTACLE,
        "",
        14,
        {"what": "Bussen går inte före nio", "kind": "travel", "next": "Fråga om det går att börja tio"},
    )
    for number, (area, texts) in enumerate(_AREAS.items()):
        _one(owner, AREA, area, 85 - 9 * number, texts)
    _tell_the_story(owner)
    _show_goal(owner, goal)


def _tell_the_story(owner: Somebody) -> None:
    meet.tell(owner.drawer, _MEET, 0)
    for number, part in enumerate(_STORY):
        _one(owner, STORY, "", 65 - 8 * number, part)
    for sheet, back, texts in (
        (PICTURE, 25, _PICTURE),
        (ADAPTATIONS, 24, _ADAPTATIONS),
        (SAFETY, 44, _SAFETY),
    ):
        _one(owner, sheet, ONE, back, texts)
    asked = {
        "question": QUESTIONS.lists[0].questions[0],
        "authority": QUESTIONS.lists[0].authority,
        "answered": "Det beror på hur länge. Jag ska skriva vad kursen heter och få svaret i ett brev.",
        "who": "Maria",
        "on": (clock.today() - timedelta(days=9)).isoformat(),
        "writing": "waits",
    }
    _one(owner, ANSWER, "", 9, asked)


def _one(owner: Somebody, sheet: Sheet, item_id: str, back: int, texts: Texts) -> str:
    return keeping.begin(owner.drawer, sheet, item_id or ids.token(), texts, ago(back, "18.40")).id


def _show_goal(owner: Somebody, goal: str) -> None:
    """To the coach, before a talk."""
    main = next(card for card in people.everyone(owner.drawer) if card.main)
    now = ago(6, "12.10")
    terms = Terms(purpose="Så att du vet vart jag vill", until=now + timedelta(days=60))
    sharing.hand_over(
        owner.db, owner.keyring, owner.frank, now, to=bytes.fromhex(main.relation),
        pieces=[sharing.Piece.of(owner.drawer, f"goal/{goal}", ("goal",))], terms=terms, set_id=ids.token(),
    )  # fmt: skip
