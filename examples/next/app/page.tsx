export default function Home() {
  return (
    <main>
      <a href="/feedback">Feedback</a>
    </main>
  )
}
