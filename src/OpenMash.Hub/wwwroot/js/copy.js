// Shows and serves the copy button of hub-reference, button[data-copy], where the browser can copy.
if (navigator.clipboard) {
  const show = () => { for (const b of document.querySelectorAll('button[data-copy][hidden]')) b.hidden = false }
  show()
  document.addEventListener('hub:swapped', show)
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[data-copy]') : null
    if (!button) return
    let told = `${button.dataset.copy} copied`
    try {
      await navigator.clipboard.writeText(button.dataset.copy)
    } catch {
      told = `${button.dataset.copy} could not be copied: select it and copy by hand`
    }
    const said = document.getElementById('hub-said')
    if (said) said.textContent = told
  })
}
