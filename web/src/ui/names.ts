/** `Иванова Анна Сергеевна`. */
export const fullName = (person: { last_name: string; first_name: string; patronymic?: string | null }) =>
  [person.last_name, person.first_name, person.patronymic].filter(Boolean).join(' ')
