import {type Writable} from 'node:stream';
import {type RunListener} from '../core/drive.js';

/**
Every event as one line of JSON, with the version of its form as `v`.
*/
export function createEventLines(stream: Writable): RunListener {
	return event => {
		stream.write(`${JSON.stringify({v: 1, ...event})}\n`);
	};
}
