// Starts GOV.UK Frontend (tabs, error summary, character counts) here and in what arrives later, and closes the
// filter panel and the person panel where they would be in the way.
import { initAll } from '../vendor/govuk/govuk-frontend.min.js'

initAll()
// Fragments swapped in by live.js or htmx come with components of their own; initAll skips those that have started.
for (const name of ['hub:swapped', 'htmx:after:swap']) {
  document.addEventListener(name, (event) => initAll({ scope: event.target instanceof Element ? event.target : document }))
}

if (matchMedia('(max-width: 48em)').matches) {
  for (const panel of document.querySelectorAll('details[data-filter]')) panel.open = false
}

const person = document.querySelector('.hub-person')
document.addEventListener('click', (event) => { if (person && !person.contains(event.target)) person.open = false })
person?.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && person.open) {
    person.open = false
    person.querySelector('summary').focus()
  }
})
