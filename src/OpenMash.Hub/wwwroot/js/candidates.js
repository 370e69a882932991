// [data-candidates-url]: as fields inside it are typed in, posts them (with the page's antiforgery token) and shows the html that comes back in
// [data-candidates] inside it. A POST, so that no name stands in an address. Waits 100 ms after the last key; an older answer never
// overwrites a newer one; a failure says "could not look", which is not "nothing found".
const WAIT = 100

document.addEventListener('input', (event) => {
  const box = event.target instanceof Element ? event.target.closest('[data-candidates-url]') : null
  if (!box || !event.target.name) return
  clearTimeout(box.candidatesTimer)
  box.candidatesTimer = setTimeout(() => look(box), WAIT)
})

async function look(box) {
  const out = box.querySelector('[data-candidates]')
  if (!out) return
  const fields = new URLSearchParams()
  for (const el of box.querySelectorAll('input[name], select[name], textarea[name]')) {
    if (el.type === 'file' || el.type === 'password' || el.closest('[data-candidates]') || ((el.type === 'radio' || el.type === 'checkbox') && !el.checked)) continue
    fields.append(el.name, el.value)
  }
  const token = (box.closest('form') ?? document).querySelector('input[name="__RequestVerificationToken"]')?.value
  if (token) fields.set('__RequestVerificationToken', token)
  box.candidatesAbort?.abort()
  const mine = box.candidatesAbort = new AbortController()
  try {
    const answer = await fetch(box.dataset.candidatesUrl, { method: 'POST', body: fields, credentials: 'same-origin', redirect: 'error', signal: mine.signal, headers: { 'X-Requested-With': 'candidates' } })
    if (!answer.ok) throw new Error(String(answer.status))
    const html = await answer.text()
    if (mine.signal.aborted) return
    out.innerHTML = html
    out.dispatchEvent(new CustomEvent('hub:swapped', { bubbles: true }))
  } catch {
    if (mine.signal.aborted) return
    const told = document.createElement('p')
    told.className = 'hub-could-not-look'
    told.textContent = 'We could not look whether anybody is known. This does not mean that nobody is.'
    out.replaceChildren(told)
  }
}
