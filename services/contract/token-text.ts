/** What every token begins with, so that scanners for secrets find one that has got somewhere it should not be. */
export const TOKEN_PREFIX = 'tt_'

/** A token, or most of one that was cut off. */
const TOKEN = /tt_[A-Za-z0-9_-]{32,}/g

/** For whatever is logged, answered or printed: text from outside may have a token in a place meant for another thing. */
export const withoutTokens = (text: string): string =>
  text.includes(TOKEN_PREFIX) ? text.replace(TOKEN, `${TOKEN_PREFIX}…`) : text
