/* Security keys and passkeys on the plain pages: a form marked data-passkey ("create" or "get") first fetches its question from
data-question, lets the browser ask the key, and then sends the answer as any form would. */
(() => {
  "use strict";

  const said = (form, words) => {
    const place = form.querySelector("[data-said]");
    place.textContent = words;
    place.hidden = !words;
  };

  const question = async (form) => {
    const answer = await fetch(form.dataset.question, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    const found = await answer.json();
    if (!answer.ok) {
      throw new Error(found.problem);
    }
    return found;
  };

  const ask = async (form) => {
    const given = await question(form);
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(given) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(given) });
    return JSON.stringify(credential.toJSON());
  };

  const words = (error) => {
    if (error.name === "InvalidStateError") {
      return "This key is one of yours already.";
    }
    if (error.name === "Error") {
      return error.message;
    }
    return "The key gave no answer. Try once more; it works only at the address that this installation is known by.";
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.passkey) {
      return;
    }
    event.preventDefault();
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
      said(form, "This browser cannot use security keys here. Use a code, or a newer browser over https.");
      return;
    }
    said(form, "Touch your key, or answer what the browser asks.");
    try {
      form.elements.answer.value = await ask(form);
      form.submit();
    } catch (error) {
      said(form, words(error));
    }
  });
})();
