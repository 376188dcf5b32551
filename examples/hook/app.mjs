// node --import @telltale/instrumentation/register app.mjs
import { startApi } from './api.mjs'

const api = await startApi()
for (let attempt = 0; attempt < 3; attempt++) {
  const response = await fetch(`${api.url}/orders`)
  console.log(response.status, await response.text())
  if (response.ok) break
}
api.close()
