// node --import @telltale/instrumentation/register app.cjs
const http = require('node:http')

const get = (url) =>
  new Promise((resolve, reject) => {
    http
      .get(url, (response) => {
        response.setEncoding('utf8')
        let text = ''
        response.on('data', (part) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode, text }))
      })
      .on('error', reject)
  })

async function main() {
  const { startApi } = await import('./api.mjs')
  const api = await startApi()
  for (let attempt = 0; attempt < 3; attempt++) {
    const { status, text } = await get(`${api.url}/orders`)
    console.log(status, text)
    if (status < 400) break
  }
  api.close()
}

main()
