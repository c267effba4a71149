import {setImmediate} from 'node:timers/promises';
import {type World} from '../source/core/world.js';
import {sleepBy, type Sleeper} from '../test/helpers/world.js';

export type VirtualWorld = World & {
	/**
	Let time pass until something is done: whenever nobody has anything to do, it jumps to whoever wakes up next.
	*/
	readonly passing: <Value>(doing: Promise<Value>) => Promise<Value>;
};

/**
A world that takes no time, the same for the same name. Ids are counted.
*/
export function virtualWorld(name: string, from = 1_000_000): VirtualWorld {
	let now = from;
	let ids = 0;
	const sleepers = new Set<Sleeper>();

	return {
		now: () => Math.round(now),
		newId: () => `${name}-${String(++ids).padStart(4, '0')}`,
		random: () => 0.5,
		sleep: sleepBy(() => now, sleepers),
		async passing(doing) {
			const state = {isOver: false};
			const ended = doing.finally(() => {
				state.isOver = true;
			});
			// It is awaited below; a throw meanwhile is no surprise.
			ended.catch(() => {});
			await setImmediate();

			while (!state.isOver && sleepers.size > 0) {
				const next = [...sleepers].reduce((first, each) =>
					each.until < first.until ? each : first,
				);
				sleepers.delete(next);
				now = Math.max(now, next.until);
				next.wake();
				await setImmediate();
			}

			return ended;
		},
	};
}
