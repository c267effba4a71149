import process from 'node:process';
import {type Writable} from 'node:stream';
import {Abort, type AbortKind} from '../core/abort.js';

const signals = {
	SIGINT: 'person',
	SIGTERM: 'terminated',
	SIGHUP: 'hangup',
} as const satisfies Record<string, AbortKind>;

export type Interruption = {
	readonly signal: AbortSignal;

	/**
	Listen no more: the next signal has its usual effect.
	*/
	readonly close: () => void;
};

/**
Turn what ends a program from outside (a signal, an output that nobody reads any more) into an abort. A second signal ends the process at once.
*/
export function watchInterruption(output: Writable): Interruption {
	const controller = new AbortController();
	const handlers = Object.entries(signals).map(([name, kind]) => {
		const handler = () => {
			controller.abort(new Abort(kind));
		};

		process.once(name, handler);
		return {name, handler};
	});

	const onError = () => {
		controller.abort(new Abort('pipe'));
	};

	output.on('error', onError);

	return {
		signal: controller.signal,
		close() {
			output.off('error', onError);

			for (const {name, handler} of handlers) {
				process.off(name, handler);
			}
		},
	};
}
