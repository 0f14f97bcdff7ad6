import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Charts.module.css'
import type { Summary } from './exams'

type Bands = Summary['distribution']

const WIDTH = 400
const HEIGHT = 200
const FOOT = 24 // for the names of the bands
const HEAD = 20 // for the numbers

/** How many results lie in which band: drawn, and as a table beside. */
export function Distribution({ summary }: { summary: Summary }) {
  const { t } = useTranslation('exams')
  const bands = summary.distribution
  return (
    <section aria-labelledby="distribution">
      <Title order={2} size="h3" id="distribution" mb="sm">
        {t('distribution')}
      </Title>
      {bands.length === 0 ? (
        <Text c="dimmed">{t('distribution-hidden')}</Text>
      ) : (
        <div className={classes.distribution}>
          <Columns bands={bands} />
          <Table bands={bands} score={summary.score} />
        </div>
      )}
    </section>
  )
}

function Columns({ bands }: { bands: Bands }) {
  const most = Math.max(...bands.map(({ results }) => results))
  const step = WIDTH / bands.length
  return (
    <svg className={classes.columns} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <line x1={0} x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
      {bands.map(({ least, results }, place) => {
        const tall = ((HEIGHT - FOOT - HEAD) * results) / most
        const middle = step * (place + 0.5)
        return (
          <g key={least}>
            <rect
              x={middle - step * 0.38}
              y={HEIGHT - FOOT - tall}
              width={step * 0.76}
              height={tall}
              rx={2}
            />
            {results > 0 && (
              <text x={middle} y={HEIGHT - FOOT - tall - 6} className={classes.count}>
                {results}
              </text>
            )}
            <text x={middle} y={HEIGHT - 6}>
              {least}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

function Table({ bands, score }: { bands: Bands; score: Summary['score'] }) {
  const { t } = useTranslation('exams')
  return (
    <table className={classes.bands} aria-labelledby="distribution">
      <thead>
        <tr>
          <th scope="col">{t(`band.${score}`)}</th>
          <th scope="col">{t('participants')}</th>
        </tr>
      </thead>
      <tbody>
        {bands.map(({ least, most, results }) => (
          <tr key={least}>
            <th scope="row">{least === most ? least : `${least}–${most}`}</th>
            <td>{results}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
