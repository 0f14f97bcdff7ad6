import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { When } from '../../ui/When'
import type { CityHeadline } from './cityNews'
import classes from './CityNews.module.css'

/** Titles with their day and how the text begins. */
export function CityHeadlines({ items }: { items: CityHeadline[] }) {
  return (
    <ul className={classes.items}>
      {items.map((one) => (
        <li key={one.news_id} className={classes.item}>
          <Link to={`/city-news/${one.news_id}` as never} className={classes.title}>
            {one.title}
          </Link>
          <Text size="sm" c="dimmed">
            <When at={one.published_at} />
          </Text>
          <Text lineClamp={2} className={classes.lead}>
            {one.lead}
          </Text>
        </li>
      ))}
    </ul>
  )
}
