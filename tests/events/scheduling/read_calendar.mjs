// Reads an iCalendar file from standard input with ical.js and prints its events as JSON.
// Usage: node read_calendar.mjs <folder of the package ical.js>
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(join(process.argv[2], "dist", "ical.js")));
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}
const events = calendar.getAllSubcomponents("vevent").map((one) => {
  const event = new ICAL.Event(one);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    location: event.location,
    status: one.getFirstPropertyValue("status"),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
  };
});
console.log(JSON.stringify(events));
