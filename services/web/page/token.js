import { h } from './dom.js'

// The token that this tab asks with. It is gone when the tab is closed; no other site, and no other tab, can read it.

const KEY = 'telltale-token'

export function tokenKept() {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** Does this error say that a token would help? */
export const wantsToken = ({ code }) =>
  ['token_missing', 'token_invalid', 'token_expired', 'scope_missing'].includes(code)

let form
/** The same form again, so that what is being typed stays while the page refreshes itself. */
export function tokenForm({ code, message }) {
  form ??= makeForm()
  form.querySelector('.why').textContent = tokenKept()
    ? message
    : 'What Telltale knows is for those who have a token.'
  form.classList.toggle('trouble', code !== 'token_missing')
  return form
}

function makeForm() {
  const input = h('input', {
    id: 'token',
    name: 'token',
    type: 'password',
    placeholder: 'tt_…',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '256',
    required: 'required',
    'data-key': 'token',
  })
  const keep = (event) => {
    event.preventDefault()
    try {
      sessionStorage.setItem(KEY, input.value.trim())
      location.reload()
    } catch {
      form.querySelector('.why').textContent = 'This browser does not let the page keep a token.'
    }
  }
  return h(
    'form',
    { class: 'card search', submit: keep },
    h('h1', {}, 'A token, please'),
    h('p', { class: 'why' }),
    h('label', { for: 'token' }, 'Token with the scope read or admin'),
    h('div', { class: 'field' }, input, h('button', { type: 'submit' }, 'Use it')),
    h(
      'p',
      { class: 'note' },
      'It is kept until this tab is closed. ',
      h('code', {}, 'telltale token create --scope read'),
      ' makes one.',
    ),
  )
}
