import process from 'node:process';
import {Abort, type AbortKind} from '../core/abort.js';
import {type Place} from './command.js';
import {isReaderGone} from './standard-output.js';

const signals = {
	SIGINT: 'person',
	SIGTERM: 'terminated',
	SIGHUP: 'hangup',
} as const satisfies Record<string, AbortKind>;

export type Interruption = {
	readonly signal: AbortSignal;

	/**
	Whether something could not be written although somebody may read it, as on a full disk. That ends nothing.
	*/
	readonly isOutputLost: () => boolean;

	/**
	Listen no more: the next signal has its usual effect.
	*/
	readonly close: () => void;
};

/**
Turn what ends a program from outside (a signal, an output that nobody reads any more) into an abort. A second signal ends the process at once.
*/
export function watchInterruption(output: Place['stdout']): Interruption {
	const controller = new AbortController();
	const handlers = Object.entries(signals).map(([name, kind]) => {
		const handler = () => {
			controller.abort(new Abort(kind));
		};

		process.once(name, handler);
		return {name, handler};
	});

	let isOutputLost = false;

	const onError = (error: Error) => {
		if (isReaderGone(error, output)) {
			controller.abort(new Abort('pipe'));
		} else {
			isOutputLost = true;
		}
	};

	output.on('error', onError);

	return {
		signal: controller.signal,
		isOutputLost: () => isOutputLost,
		close() {
			output.off('error', onError);

			for (const {name, handler} of handlers) {
				process.off(name, handler);
			}
		},
	};
}
