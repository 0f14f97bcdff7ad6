import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type School, useSchools } from './schools'

/** A school chosen by typing its name, number or INN. */
export function SchoolField({ onChoose }: { onChoose: (school: School) => void }) {
  const { t } = useTranslation('support')
  const [typed, setTyped] = useState('')
  const found = useSchools(typed)
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  const items = (found.data?.items ?? []).filter((school) => school.status === 'active')
  return (
    <Combobox store={box} onOptionSubmit={(id) => onChoose(items.find((school) => school.school_id === id)!)}>
      <Combobox.Target>
        <TextInput
          label={t('schools.label')}
          description={t('schools.hint')}
          value={typed}
          autoComplete="off"
          rightSection={found.isFetching ? <Loader size="xs" /> : null}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            box.openDropdown()
          }}
          onFocus={() => box.openDropdown()}
          onBlur={() => box.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!found.data}>
        <Combobox.Options aria-label={t('schools.label')} mah={320} style={{ overflowY: 'auto' }}>
          {items.map((school) => (
            <Combobox.Option key={school.school_id} value={school.school_id}>
              <strong>{school.short_name}</strong>
              <br />
              {school.address}
            </Combobox.Option>
          ))}
          {items.length === 0 && <Combobox.Empty>{t('schools.none')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
