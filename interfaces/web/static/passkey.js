// Passkeys: asks the registry what is to be signed and the device to sign it, then sends the form.
"use strict";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const told = form.querySelector("[data-passkey-told]");
  const without = document.getElementById(form.dataset.passkeyWithout);

  if (window.PublicKeyCredential && navigator.credentials) {
    form.hidden = false;
    if (without) without.hidden = true;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "Suivez ce que demande votre appareil.";
    try {
      const asked = await fetch(form.dataset.options, {method: "POST", body: new FormData(form)});
      const said = await asked.json();
      if (!asked.ok) throw new Error(said.refusal);
      const made = await ask(form.dataset.passkey, said.options);
      form.elements.handshake.value = said.handshake;
      form.elements.answer.value = JSON.stringify(made);
      form.submit();
    } catch (error) {
      told.textContent = inWords(error);
    }
  });
}

async function ask(verb, options) {
  options.challenge = bytes(options.challenge);
  if (verb === "get") return said(await navigator.credentials.get({publicKey: options}));
  options.user.id = bytes(options.user.id);
  for (const known of options.excludeCredentials) known.id = bytes(known.id);
  return said(await navigator.credentials.create({publicKey: options}));
}

function said(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return {id: credential.id, rawId: text(credential.rawId), type: credential.type, response};
}

function bytes(base64url) {
  const binary = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function inWords(error) {
  if (error.name === "InvalidStateError") return "Cet appareil garde déjà une clé d’accès de ce compte.";
  if (error.name === "Error" && error.message) return error.message;
  if (error.name === "SyntaxError") return "Cette page est trop ancienne : rouvrez-la et recommencez.";
  if (error.name === "TypeError") return "Le registre ne répond pas : recommencez dans un moment.";
  return "Aucune clé d’accès n’a servi : recommencez quand vous voulez, ou connectez-vous autrement.";
}
