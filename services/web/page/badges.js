import { h } from './dom.js'
import { RETRY, STANDING } from './words.js'

export const badge = (mood, words, title) => h('span', { class: `badge ${mood}`, title }, words)

export const standingBadge = ({ standing, has_catalog }) => {
  const shown = standing === 'unknown' && has_catalog === false ? 'no_catalog' : standing
  const [mood, words, title] = STANDING[shown] ?? ['calm', standing]
  return badge(mood, words, title)
}

export const retryBadge = (retry) => {
  const [mood, words] = RETRY[retry] ?? ['unsure', retry]
  return badge(mood, words)
}
