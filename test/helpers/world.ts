import {type World} from '../../source/core/world.js';

export type StillWorld = World & {
	/**
	Let time pass: everyone whose sleep is over wakes up.
	*/
	readonly pass: (durationMs: number) => Promise<void>;
};

export type Sleeper = {readonly until: number; readonly wake: () => void};

/**
Sleep by a clock that goes on only when it is told; whoever sleeps is in `sleepers`, for its owner to wake.
*/
export function sleepBy(
	now: () => number,
	sleepers: Set<Sleeper>,
): World['sleep'] {
	return async (delayMs, signal) => {
		if (signal.aborted) {
			return;
		}

		await new Promise<void>(resolve => {
			const sleeper = {until: now() + delayMs, wake: resolve};
			sleepers.add(sleeper);
			signal.addEventListener(
				'abort',
				() => {
					sleepers.delete(sleeper);
					resolve();
				},
				{once: true},
			);
		});
	};
}

/**
A world where time passes only when a test says so, and ids are counted.
*/
export function stillWorld(): StillWorld {
	let now = 1_000_000;
	let ids = 0;
	const sleepers = new Set<Sleeper>();

	return {
		now: () => now,
		newId: () => `id-${String(++ids).padStart(4, '0')}`,
		random: () => 0.5,
		sleep: sleepBy(() => now, sleepers),
		async pass(durationMs) {
			now += durationMs;

			for (const sleeper of sleepers) {
				if (sleeper.until <= now) {
					sleepers.delete(sleeper);
					sleeper.wake();
				}
			}

			await new Promise(resolve => {
				setImmediate(resolve);
			});
		},
	};
}

/**
Let time pass, this much at a time, until something is done.
*/
export async function whilePassing<Value>(
	world: StillWorld,
	stepMs: number,
	doing: Promise<Value>,
): Promise<Value> {
	const over = new AbortController();

	const pass = async () => {
		while (!over.signal.aborted) {
			await world.pass(stepMs);
		}
	};

	const passing = pass();

	try {
		return await doing;
	} finally {
		over.abort();
		await passing;
	}
}
