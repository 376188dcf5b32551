// Elements are made of tags, attributes and text; nothing that came over the wire is ever parsed as markup.

/** h('p', { class: 'note' }, 'text', element, …): texts become text nodes, null and false nothing. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children)
}

export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value)
  }
  element.append(
    ...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false),
  )
  return element
}

/** Puts a new view in place of the old one without taking the keyboard's place away. */
export function show(view, ...children) {
  const focused = document.activeElement?.closest('[data-key]')?.dataset.key
  const opened = new Set([...view.querySelectorAll('details[open]')].map(({ dataset }) => dataset.key))
  view.replaceChildren(...children.flat(9).filter(Boolean))
  for (const details of view.querySelectorAll('details')) {
    if (opened.has(details.dataset.key)) details.open = true
  }
  if (focused) {
    const again = [...view.querySelectorAll('[data-key]')].find(({ dataset }) => dataset.key === focused)
    ;(again?.tagName === 'DETAILS' ? again.querySelector('summary') : again)?.focus()
  }
}

/** A text to take along, with a button for it. */
export function copyable(text, label, key) {
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': label, 'data-key': key }, 'Copy')
  button.addEventListener('click', async () => {
    const done = await copy(text)
    button.textContent = done ? 'Copied' : 'Selected: press Ctrl+C'
    if (!done) getSelection().selectAllChildren(button.previousElementSibling)
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 2000)
  })
  return button
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
