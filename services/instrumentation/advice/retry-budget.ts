export interface RetryBudget {
  /** A call was made for the first time. */
  called(): void
  /** May one be sent again? If so, it is taken from the budget. */
  take(): boolean
}

export interface RetryBudgetOptions {
  /** How many may be sent again, of all calls. */
  share?: number
  /** So many may be at once, after a time without failures; and at the start. */
  most?: number
}

/**
 * However much fails, resends are never more than a share of all calls: when an API is down, sending everything three
 * times is what keeps it down.
 */
export function retryBudget({ share = 0.2, most = 10 }: RetryBudgetOptions = {}): RetryBudget {
  let tokens = most
  return {
    called() {
      tokens = Math.min(most, tokens + share)
    },
    take() {
      // A sum of fifths is not exact.
      if (tokens < 1 - 1e-9) return false
      tokens -= 1
      return true
    },
  }
}

const MOST_ORIGINS = 1000
const budgets = new Map<string, RetryBudget>()

/** One for all calls of this process to an origin. */
export function budgetOf(origin: string): RetryBudget {
  let budget = budgets.get(origin)
  if (budget === undefined) {
    if (budgets.size >= MOST_ORIGINS) budgets.clear()
    budget = retryBudget()
    budgets.set(origin, budget)
  }
  return budget
}
