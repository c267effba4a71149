import {type Purse} from '../core/purse.js';
import {UserError} from '../core/user-error.js';
import {idAt} from './id-at.js';
import {type Log} from './log.js';
import {thisProcess} from './owner.js';
import {explained, isTransient} from './store-error.js';

const keptMs = 2 * 86_400_000;

/**
What all processes with this log may spend in a day of this machine's time zone, in US dollars. Each call is reckoned with before it is made, also where nothing is logged: then only the amounts are kept, for two days.

A log that cannot be written refuses every call.

@throws UserError when the log is locked or damaged.
*/
export function createPurse(
	log: Log,
	{dailyUsd, now}: {readonly dailyUsd: number; readonly now: () => number},
): Purse {
	const own = thisProcess();
	const insert = log.prepare(
		`INSERT INTO consortium_reservations (call_id, at, usd, pid, host)
		VALUES (@callId, @at, @usd, @pid, @host)
		ON CONFLICT (call_id) DO UPDATE SET usd = usd + excluded.usd, is_settled = 0`,
	);
	const settle = log.prepare(
		`UPDATE consortium_reservations
		SET usd = coalesce(@usd, usd), is_settled = 1 WHERE call_id = @callId`,
	);

	const reserve = log.transaction((callId: string, usd: number) => {
		const at = now();
		const spentUsd = spentTodayUsd(log, at);

		if (spentUsd + usd > dailyUsd) {
			return `The daily limit of $${dailyUsd} would be exceeded: $${spentUsd.toFixed(4)} today, and $${usd.toFixed(4)} more must be set aside for the next call. Raise it with /budget day in the app, or as dailyLimitUsd in the settings.`;
		}

		insert.run({...own, callId, at, usd});
		return null;
	});

	explained(log.name, () => {
		log
			.prepare('DELETE FROM consortium_reservations WHERE at < ?')
			.run(now() - keptMs);
	});

	return {
		reserve(callId, usd) {
			try {
				return explained(log.name, () => reserve.immediate(callId, usd));
			} catch (error) {
				if (error instanceof UserError) {
					return `The daily limit cannot be kept. ${error.message}`;
				}

				throw error;
			}
		},
		settle(callId, usd) {
			try {
				settle.run({callId, usd});
			} catch (error) {
				// Then what was set aside counts.
				if (!isTransient(error) && log.open) {
					throw error;
				}
			}
		},
	};
}

/**
What was spent since midnight, local time: the cost of each call that was begun since, and what is set aside for those whose cost nobody knows, as that of a process that was killed. US dollars.

@throws UserError when the log is damaged.
*/
export function spentTodayUsd(log: Log, now: number): number {
	const sinceId = idAt(new Date(now).setHours(0, 0, 0, 0));

	return explained(log.name, () =>
		log
			.prepare<{sinceId: string}, number>(
				`SELECT total(usd) FROM (
						SELECT cost_usd AS usd FROM consortium_calls AS calls
						WHERE id >= @sinceId AND NOT EXISTS (
							SELECT 1 FROM consortium_reservations AS reserved
							WHERE reserved.call_id = calls.id AND is_settled = 1
						)
						UNION ALL
						SELECT usd FROM consortium_reservations AS reserved
						WHERE call_id >= @sinceId AND (is_settled = 1 OR NOT EXISTS (
							SELECT 1 FROM consortium_calls AS calls
							WHERE calls.id = reserved.call_id AND cost_usd IS NOT NULL
						))
					)`,
			)
			.pluck()
			.get({sinceId})!,
	);
}
