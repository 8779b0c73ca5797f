// Above the app: who is holding the phone, and in which zone it is.

import { Avatar } from "./avatar";
import type { Person } from "./shapes";

const NEAR_AT_HAND = [
  "Europe/Paris",
  "Europe/Berlin",
  "Europe/London",
  "America/New_York",
  "America/Los_Angeles",
  "Asia/Tokyo",
  "Asia/Kolkata",
  "Africa/Cairo",
  "Australia/Sydney",
  "UTC",
];

interface PeopleProps {
  people: Person[];
  user: number;
  zone: string;
  onPerson: (id: number) => void;
  onZone: (zone: string) => void;
}

export function People({ people, user, zone, onPerson, onZone }: PeopleProps) {
  const others = Intl.supportedValuesOf("timeZone").filter((one) => !NEAR_AT_HAND.includes(one));
  const near = NEAR_AT_HAND.includes(zone) ? NEAR_AT_HAND : [zone, ...NEAR_AT_HAND];
  return (
    <div class="tg-people">
      <fieldset>
        <legend class="tg-unseen">Who holds the phone</legend>
        {people.map((person) => (
          <label key={person.id} class={person.id === user ? "chosen" : ""}>
            <input type="radio" name="tg-person" checked={person.id === user} onChange={() => onPerson(person.id)} />
            <Avatar id={person.id} name={person.first_name} />
            <span>
              {person.first_name}
              {person.role && <small>{person.role}</small>}
            </span>
          </label>
        ))}
      </fieldset>
      <label class="tg-zone">
        <span class="tg-unseen">The zone of the phone</span>
        <select value={zone} onChange={(event) => onZone(event.currentTarget.value)}>
          <optgroup label="Near at hand">
            {near.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll("_", " ")}
              </option>
            ))}
          </optgroup>
          <optgroup label="All">
            {others.map((one) => (
              <option key={one} value={one}>
                {one.replaceAll("_", " ")}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
    </div>
  );
}
