// form[data-steps="N"]: a form of several pages goes from page N to the next without leaving the document, so that the browser's Back button goes one step
// back with every word kept, and a lost connection costs nothing. What was typed is held by the document alone: the history knows the number of a step, the
// device nothing. Without this script each step is a page of its own.
const main = () => document.getElementById('main')
const form = () => main().querySelector('form[data-steps]')
const step = () => Number(form()?.dataset.steps ?? 0)

if (form()) {
  let last = Promise.resolve()
  const then = (go, goes) => { last = last.then(() => send(go, goes)) }

  history.replaceState({ step: step() }, '')
  document.addEventListener('submit', (event) => {
    if (event.target !== form()) return
    event.preventDefault()
    then(event.submitter?.value ?? 'next', true)
  })
  window.addEventListener('popstate', (event) => {
    // After it was sent there is nothing to go back to: an empty form.
    if (!form()) location.replace(location.pathname)
    else if (event.state?.step) then(`step-${event.state.step}`, false)
  })
}

/** Sends what is typed and shows the page that comes back; goes: a step of the history of its own. Two presses of a button are two calls, one after the other. */
async function send(go, goes) {
  const from = form()
  if (!from) return
  const body = new URLSearchParams(new FormData(from))
  body.set('go', go)
  const buttons = from.querySelectorAll('button')
  const before = step()
  try {
    from.setAttribute('aria-busy', 'true')
    for (const button of buttons) button.setAttribute('aria-disabled', 'true')
    const answer = await fetch(location.pathname, { method: 'POST', body, cache: 'no-store' })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const next = page.getElementById('main')
    if (!next || (!answer.ok && !next.querySelector('form[data-steps]'))) throw new Error(`The answer was ${answer.status}.`)
    main().replaceWith(document.adoptNode(next))
    document.title = page.title
  } catch {
    for (const button of buttons) button.removeAttribute('aria-disabled')
    from.removeAttribute('aria-busy')
    say(from, go === 'send')
    return
  }

  if (goes && step() !== before) history.pushState({ step: step() }, '')
  window.scrollTo(0, 0)
  main().dispatchEvent(new CustomEvent('hub:swapped', { bubbles: true }))
  // The summary of what is wrong takes the focus by itself; otherwise the reader begins at the heading.
  if (!main().querySelector('.govuk-error-summary')) {
    const heading = main().querySelector('h1')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus({ preventScroll: true })
  }
}

function say(from, sending) {
  from.querySelector('[data-not-sent]')?.remove()
  const note = document.createElement('p')
  note.className = 'govuk-error-message'
  note.dataset.notSent = ''
  note.setAttribute('role', 'alert')
  note.textContent = sending
    ? 'Your report was NOT sent: there is no connection, or the hub does not answer. Nothing you typed is lost. Press Send again in a moment, or telephone. If someone is in danger call 999.'
    : 'There is no connection, or the hub does not answer. Nothing you typed is lost. Press the button again in a moment.'
  from.querySelector('.hub-actions').before(note)
}
