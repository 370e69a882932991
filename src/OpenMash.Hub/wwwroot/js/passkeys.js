// Registers and uses passkeys. The forms are hidden until the browser says that it can; without it, password and code work as ever.
const forms = document.querySelectorAll('form[data-passkey]')
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential?.parseRequestOptionsFromJSON

async function options (form) {
  const address = new URL(location.pathname, location.href)
  address.searchParams.set('handler', 'PasskeyOptions')
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'X-Form-Token': form.querySelector('[name=__RequestVerificationToken]').value, 'X-Fragment': 'passkey' }
  })
  if (!answer.ok) throw new Error(`The hub answered ${answer.status}.`)
  return answer.json()
}

async function ask (form) {
  const json = await options(form)
  return form.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) })
}

for (const form of able ? forms : []) {
  form.hidden = false
  form.addEventListener('submit', async (event) => {
    const credential = form.querySelector('[name=Credential]')
    if (credential.value) return
    event.preventDefault()
    const state = form.querySelector('[data-passkey-state]')
    state.textContent = 'Waiting for your device…'
    try {
      credential.value = JSON.stringify(await ask(form))
      form.submit()
    } catch (problem) {
      credential.value = ''
      state.textContent = problem.name === 'NotAllowedError'
        ? 'Your device did not finish. Nothing was changed; try again, or use your password.'
        : `That did not work: ${problem.message}`
    }
  })
}
