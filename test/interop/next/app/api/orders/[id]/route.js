export async function GET(_request, { params }) {
  const { id } = await params
  if (id === 'broken') throw new Error('out of paper')
  return Response.json(
    { error: { code: 'ORDER_LOCKED', message: 'Another request changes this order.' } },
    { status: 409, headers: { 'x-request-id': 'req_8f3a' } },
  )
}
