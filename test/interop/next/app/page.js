export default function Page() {
  return 'fine'
}
