import {Buffer} from 'node:buffer';
import {type Failure} from '../core/failure.js';
import {type RunEvent} from '../core/events.js';
import {createEventWriter} from './event-writer.js';
import {type Log} from './log.js';
import {isTransient} from './store-error.js';

const flushAfterMs = 250;
const flushAfterBytes = 4096;

const paidFor: ReadonlySet<RunEvent['type']> = new Set([
	'call-end',
	'verdict',
	'run-end',
]);

export type RunLogOptions = {
	/**
	Takes keys out of what providers say about failures.
	*/
	readonly redact?: (text: string) => string;

	/**
	Hears of the first event that could not be written; the run is not disturbed.
	*/
	readonly onError?: (error: unknown) => void;
};

export type RunLog = ((event: RunEvent) => void) & {
	/**
	Write what is still in memory; false when that failed. The database stays open.
	*/
	readonly close: () => boolean;
};

/**
Keep runs in the log: a listener for any number of them.

Streamed text waits in memory for at most 250 ms or 4 kB, so this is all a killed process loses. What was paid for, an answer or a verdict, is written at once, before anybody else hears of it; everything else together with what happens in the same turn of the event loop. What cannot be written because the file is locked or the disk is full is kept and tried again.
*/
export function createRunLog(
	log: Log,
	{redact, onError}: RunLogOptions = {},
): RunLog {
	const write = log.transaction(createEventWriter(log, jsonWith(redact)));
	const patienceMs = Number(log.pragma('busy_timeout', {simple: true}));
	let queue: RunEvent[] = [];
	let bytes = 0;
	let timer: NodeJS.Timeout | null = null;
	let turn: NodeJS.Immediate | null = null;
	let isBehind = false;
	let isReported = false;

	// Where a stream's next text joins what it said before; an event of another kind closes all of them.
	const growing = new Map<string, number>();

	const report = (error: unknown) => {
		if (!isReported) {
			isReported = true;
			onError?.(error);
		}
	};

	const writeQueue = log.transaction(() => {
		for (const event of queue) {
			try {
				write(event);
			} catch (error) {
				if (isTransient(error)) {
					throw error;
				}

				report(error);
			}
		}
	});

	const flush = () => {
		if (timer) {
			clearTimeout(timer);
			timer = null;
		}

		if (turn) {
			clearImmediate(turn);
			turn = null;
		}

		if (queue.length === 0) {
			return;
		}

		try {
			writeQueue.immediate();
			setBehind(false);
			queue = [];
			bytes = 0;
			growing.clear();
		} catch (error) {
			setBehind(true);
			report(error);
			flushSoon();
		}
	};

	// A run must not stand still each time for a lock that somebody keeps.
	const setBehind = (now: boolean) => {
		if (isBehind !== now && log.open) {
			isBehind = now;
			log.pragma(`busy_timeout = ${isBehind ? 0 : patienceMs}`);
		}
	};

	const flushSoon = () => {
		timer ??= setTimeout(flush, flushAfterMs).unref();
	};

	const listen = (event: RunEvent) => {
		// Each run that cannot be kept is a loss of its own.
		if (event.type === 'run-start') {
			isReported = false;
		}

		const stream = streamOf(event);

		if (!stream) {
			growing.clear();
			queue.push(event);

			if (isPaidFor(event)) {
				flush();
			} else {
				turn ??= setImmediate(flush);
			}

			return;
		}

		const index = growing.get(stream.key);

		if (index === undefined) {
			growing.set(stream.key, queue.length);
			queue.push(event);
		} else {
			queue[index] = prepended(event, streamOf(queue[index]!)?.text ?? '');
		}

		bytes += Buffer.byteLength(stream.text);

		if (bytes < flushAfterBytes || isBehind) {
			flushSoon();
		} else {
			flush();
		}
	};

	return Object.assign(listen, {
		close() {
			// The last of it is worth the whole wait.
			setBehind(false);
			flush();
			clearTimeout(timer ?? undefined);
			return queue.length === 0;
		},
	});
}

const isPaidFor = (event: RunEvent): boolean =>
	event.type === 'nested' ? isPaidFor(event.event) : paidFor.has(event.type);

/**
Which stream a piece of text belongs to; null for any other event.
*/
function streamOf(event: RunEvent): {key: string; text: string} | null {
	switch (event.type) {
		case 'call-delta': {
			const {runId, callId, channel, text} = event;
			return {key: `${runId} ${callId} ${channel}`, text};
		}

		case 'answer-delta': {
			const {runId, callId, text} = event;
			return {key: `${runId} ${callId} answer`, text};
		}

		case 'nested': {
			const inner = streamOf(event.event);
			return inner && {...inner, key: `${event.parentCallId} ${inner.key}`};
		}

		default: {
			return null;
		}
	}
}

function prepended(event: RunEvent, before: string): RunEvent {
	switch (event.type) {
		case 'call-delta':
		case 'answer-delta': {
			return {...event, text: before + event.text};
		}

		case 'nested': {
			return {...event, event: prepended(event.event, before)};
		}

		default: {
			return event;
		}
	}
}

/**
JSON in which failures, and the reasons of a run that quote them, have gone through `redact`, however deep they stand.
*/
function jsonWith(
	redact: (text: string) => string = text => text,
): (value: unknown) => string {
	return value =>
		JSON.stringify(value, (key, inner: unknown) => {
			if (isFailure(inner)) {
				return {
					...inner,
					message: redact(inner.message),
					requestId: inner.requestId === null ? null : redact(inner.requestId),
				};
			}

			return key === 'reasons' && Array.isArray(inner)
				? inner.map((reason: unknown) =>
						typeof reason === 'string' ? redact(reason) : reason,
					)
				: inner;
		});
}

function isFailure(value: unknown): value is Failure {
	return (
		typeof value === 'object' &&
		value !== null &&
		'kind' in value &&
		'retryable' in value &&
		'message' in value &&
		typeof value.message === 'string'
	);
}
