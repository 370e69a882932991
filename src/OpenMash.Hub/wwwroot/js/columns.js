// hub-columns on a narrow screen: one column at a time, chosen by the links above (class hub-column--away hides the others there; the style
// sheet shows all of them on a desk and in print). A column that receives something new while away says so beside its link.
for (const box of document.querySelectorAll('[data-columns]')) {
  const links = [...box.querySelectorAll('.hub-column-tabs__link')]
  const columns = links.map((l) => document.getElementById(l.hash.slice(1)))
  const show = (n) => {
    links.forEach((l, i) => {
      if (i === n) l.setAttribute('aria-current', 'true')
      else l.removeAttribute('aria-current')
    })
    columns.forEach((c, i) => c.classList.toggle('hub-column--away', i !== n))
    links[n].querySelector('.hub-new__word')?.remove()
  }
  links.forEach((l, i) => l.addEventListener('click', (event) => {
    event.preventDefault()
    show(i)
    columns[i].focus({ preventScroll: true })
  }))
  show(Math.max(0, links.findIndex((l) => l.hash === location.hash)))
  box.addEventListener('hub:swapped', (event) => {
    const n = columns.findIndex((c) => c.contains(event.target))
    if (n < 0 || !columns[n].classList.contains('hub-column--away') || !columns[n].querySelector('.hub-arrived') || links[n].querySelector('.hub-new__word')) return
    links[n].append(Object.assign(document.createElement('span'), { className: 'hub-new__word', textContent: 'new' }))
  })
}
