import {type Writable} from 'node:stream';
import {type RunListener} from '../core/drive.js';
import {type RunEvent} from '../core/events.js';

/**
An event as a line, with the version of its form.
*/
export type EventLine = RunEvent & {readonly v: 1};

/**
Every event as one line of JSON.
*/
export function createEventLines(stream: Writable): RunListener {
	return event => {
		stream.write(`${JSON.stringify({v: 1, ...event} satisfies EventLine)}\n`);
	};
}
