// "Leave this page": a[data-leave]. Empties the page at once, forgets what was typed, and puts another page in this one's place in the history.
// Esc three times within two seconds does the same. Without this script the link is a plain link.
const link = document.querySelector('a[data-leave]')

if (link) {
  link.addEventListener('click', (event) => {
    event.preventDefault()
    leave()
  })

  let presses = []
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') {
      presses = []
      return
    }
    presses = [...presses.filter((t) => event.timeStamp - t < 2000), event.timeStamp]
    if (presses.length >= 3) leave()
  })

  // A page that the browser kept for the Back button must not come back with words in it.
  window.addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
}

function leave() {
  for (const form of document.forms) form.reset()
  const to = link.href
  document.title = 'Weather'
  document.body.replaceChildren()
  location.replace(to)
}
