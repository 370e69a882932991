// form[data-confirm-leave]: the browser asks before a page with unsent words is left. A form that autosaves is asked about only while it is
// unsaved (autosave.js says so by data-unsaved); sending the form asks nothing.
const forms = () => [...document.querySelectorAll('form[data-confirm-leave]')]
const touched = new WeakSet()
const sending = new WeakSet()

document.addEventListener('input', (event) => { if (event.target.form?.matches('form[data-confirm-leave]')) touched.add(event.target.form) })
document.addEventListener('submit', (event) => { if (!event.defaultPrevented) sending.add(event.target) })

window.addEventListener('beforeunload', (event) => {
  const unsent = forms().some((f) => !sending.has(f) && (f.dataset.autosaveUrl ? f.dataset.unsaved === 'true' : touched.has(f)))
  if (unsent) event.preventDefault()
})
// Back from the next page: the form may be sent again.
window.addEventListener('pageshow', () => { for (const f of forms()) sending.delete(f) })
