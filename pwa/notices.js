// Notices, loaded by the service worker. Whatever has come, the notice is this one: no words of anybody's reach it.

addEventListener("push", (event) =>
  event.waitUntil(
    registration.showNotification("Dagsform", {
      body: "Du har något nytt.",
      tag: "dagsform",
      lang: "sv",
      icon: self.noticeIcon,
      badge: self.noticeIcon,
    }),
  ),
);

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const open = async () => {
    const [page] = await clients.matchAll({ type: "window", includeUncontrolled: true });
    return page ? page.focus() : clients.openWindow("/");
  };
  event.waitUntil(open());
});

// The browser has another address for this phone: the phone's own cookie says whose it is, locked or not.
addEventListener("pushsubscriptionchange", (event) => {
  const renew = async () => {
    const options = event.oldSubscription?.options;
    const fresh = event.newSubscription ?? (options && (await registration.pushManager.subscribe(options)));
    if (!fresh) return;
    const body = new URLSearchParams({ subscription: JSON.stringify(fresh) });
    await fetch("/mitt/notiser/byt", { method: "POST", body });
  };
  event.waitUntil(renew());
});
