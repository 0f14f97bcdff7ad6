import { fullDate, moment, timeOf } from './dates'

/** A moment: on the screen as a person says it, on paper with its date, for there is no today on paper. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at}>
      <span className="only-shown">{moment(at)}</span>
      <span className="only-printed">
        {fullDate(at)} {timeOf(at)}
      </span>
    </time>
  )
}
