import { Scrubber } from '../../instrumentation/scrub/scrubber.ts'
import { cutAtCharacter } from '../columns/dictionary.ts'
import { SPAN } from './attributes.ts'
import { type Captured, PLACE } from './captured.ts'
import { TextMemo } from './memo.ts'
import { type PendingRows, TEXT } from './pending-rows.ts'

// The engine folds constants of a module's own, and looks imported ones up at each use.
const { callId: CALL, message: API_MESSAGE, exceptionMessage: EXCEPTION_MESSAGE } = SPAN
const { request_id: REQUEST_ID, other_request_ids: OTHER_IDS, call_id: CALL_ID, message: MESSAGE } = TEXT

const MAX_ID_BYTES = 256
const MAX_OTHER_IDS = 8
const NEWLINE = 10

/** A row's texts: mostly where they stand in the payload, for they are copied only once, into the column. */
export class SpanTexts {
  private readonly captured: Captured
  private readonly scrubber = new Scrubber()
  /** By message, the pending row that has it. */
  private readonly messages = new TextMemo()

  constructor(captured: Captured) {
    this.captured = captured
  }

  /** The pending rows are gone. */
  forget(): void {
    this.messages.forget()
  }

  /** The request ids and the logical call's id. */
  write(pending: PendingRows, row: number): void {
    const { captured } = this
    const { words } = pending
    words[row + OTHER_IDS] = words[row + OTHER_IDS + 1] = 0
    if (captured.idCount === 1) this.text(pending, row, REQUEST_ID, captured.textAt(captured.ids, 0))
    else if (captured.idCount > 1) {
      // Mostly the same id in the request's and in the response's header.
      if (captured.idCount > 2 || !this.sameIds()) this.severalIds(pending, row)
      else this.text(pending, row, REQUEST_ID, captured.textAt(captured.ids, 0))
    } else words[row + REQUEST_ID] = words[row + REQUEST_ID + 1] = 0
    if (captured.has(CALL)) this.text(pending, row, CALL_ID, captured.text(CALL))
    else words[row + CALL_ID] = words[row + CALL_ID + 1] = 0
  }

  /** One of a row's texts: what `captured` just located in `bytes`, cut to what an id may have. */
  private text(pending: PendingRows, row: number, text: number, bytes: Buffer): void {
    const { textStart, textEnd } = this.captured
    const end = idEnd(bytes, textStart, textEnd)
    if (bytes !== this.captured.bytes) {
      pending.make(row, text, bytes, textStart, end)
      return
    }
    pending.words[row + text] = textStart
    pending.words[row + text + 1] = end
  }

  /** Whether the two ids are one. */
  private sameIds(): boolean {
    const { captured } = this
    const { ids, bytes } = captured
    // The places' kinds and bounds, see captured.ts.
    let at = ids[2]!
    let other = ids[PLACE + 2]!
    const end = ids[3]!
    if (ids[1] !== ids[PLACE + 1] || end - at !== ids[PLACE + 3]! - other) return false
    while (at < end) if (bytes[at++] !== bytes[other++]) return false
    return true
  }

  /** The best name's id, and the other distinct ones joined by newlines; one with a newline in it is left out. */
  private severalIds(pending: PendingRows, row: number): void {
    const { captured } = this
    const byRank: Buffer[] = []
    for (let place = 0; place < captured.idCount * PLACE; place += PLACE) {
      const text = captured.textAt(captured.ids, place)
      const id = text.subarray(captured.textStart, idEnd(text, captured.textStart, captured.textEnd))
      byRank[captured.ids[place]!] = text === captured.bytes ? id : Buffer.from(id)
    }
    // Filtering closes the gaps of the names that are not there.
    const [first, ...others] = byRank.filter(() => true)
    const distinct = others.filter(
      (id, index) =>
        !id.equals(first!) &&
        !id.includes(NEWLINE) &&
        others.findIndex((other) => other.equals(id)) === index,
    )
    pending.make(row, REQUEST_ID, first!, 0, first!.length)
    const joined = Buffer.from(distinct.slice(0, MAX_OTHER_IDS).flatMap((id) => [NEWLINE, ...id]))
    pending.make(row, OTHER_IDS, joined, Math.min(1, joined.length), joined.length)
  }

  /** The message: of the API, else of the span's status, else of the exception. */
  writeMessage(pending: PendingRows, row: number, statusTextStart: number, statusTextEnd: number): void {
    const { captured } = this
    if (captured.has(API_MESSAGE)) this.message(pending, row, captured.text(API_MESSAGE))
    else if (statusTextEnd > statusTextStart) {
      captured.textStart = statusTextStart
      captured.textEnd = statusTextEnd
      this.message(pending, row, captured.bytes)
    } else if (captured.has(EXCEPTION_MESSAGE)) this.message(pending, row, captured.text(EXCEPTION_MESSAGE))
    else pending.words[row + MESSAGE] = pending.words[row + MESSAGE + 1] = 0
  }

  /** The message that `captured` just located in `bytes`, without its secrets. */
  private message(pending: PendingRows, row: number, bytes: Buffer): void {
    const { captured, messages } = this
    const { words } = pending
    const { textStart, textEnd } = captured
    // The same message before was made the same of: its row tells where it is.
    const same = bytes === captured.bytes ? messages.find(captured.view, textStart, textEnd) : -1
    if (same >= 0) {
      words[row + MESSAGE] = words[same + MESSAGE]!
      words[row + MESSAGE + 1] = words[same + MESSAGE + 1]!
      return
    }
    const length = this.scrubber.scrub(bytes, textStart, textEnd)
    if (length >= 0) pending.make(row, MESSAGE, this.scrubber.out, 0, length)
    else this.text(pending, row, MESSAGE, bytes)
    if (bytes === captured.bytes) messages.remember(textStart, textEnd, row)
  }
}

const idEnd = (text: Uint8Array, start: number, end: number): number =>
  end - start <= MAX_ID_BYTES ? end : cutAtCharacter(text, start + MAX_ID_BYTES)
