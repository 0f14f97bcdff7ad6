/** A text as it was typed: an empty line begins a paragraph, a single break is a break (`white-space: pre-line`). */
export function Paragraphs({ text }: { text: string }) {
  return text
    .split(/\n{2,}/)
    .filter((part) => part.trim())
    .map((part, place) => (
      <p key={place} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
        {part}
      </p>
    ))
}
