import {type World} from '../../source/core/world.js';

export type StillWorld = World & {
	/**
	Let time pass: everyone whose sleep is over wakes up.
	*/
	readonly pass: (durationMs: number) => Promise<void>;
};

/**
A world where time passes only when a test says so, and ids are counted.
*/
export function stillWorld(): StillWorld {
	let now = 1_000_000;
	let ids = 0;
	const sleepers = new Set<{
		readonly until: number;
		readonly wake: () => void;
	}>();

	return {
		now: () => now,
		newId: () => `id-${String(++ids).padStart(4, '0')}`,
		random: () => 0.5,
		async sleep(delayMs, signal) {
			if (signal.aborted) {
				return;
			}

			await new Promise<void>(resolve => {
				const sleeper = {until: now + delayMs, wake: resolve};
				sleepers.add(sleeper);
				signal.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					resolve();
				});
			});
		},
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
