import { useEffect, useRef, useState } from 'react'
import { type Parcel, upload } from '../api/upload'

/** A file on its way: how much of it has left (null: none is), how to send one and how to stop that. */
export function useUpload() {
  const [share, setShare] = useState<number | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  /** Null when somebody has stopped it, or left the page. Throws Refused. */
  async function send<Data>(parcel: Parcel): Promise<Data | null> {
    const stop = new AbortController()
    running.current = stop
    setShare(0)
    try {
      return await upload<Data>(parcel, setShare, stop.signal)
    } catch (refusal) {
      if (stop.signal.aborted) return null
      throw refusal
    } finally {
      setShare(null)
    }
  }

  return { share, send, stop: () => running.current?.abort() }
}
