import { useLocalStorage } from '@mantine/hooks'
import { useEffect } from 'react'

/** Larger letters and more contrast, kept on this device. */
export function useLargePrint(): [boolean, () => void] {
  const [large, setLarge] = useLocalStorage({
    key: 'ekis-large-print',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  useEffect(() => {
    document.documentElement.classList.toggle('large-print', large)
  }, [large])
  return [large, () => setLarge((before) => !before)]
}
