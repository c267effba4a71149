import {type Deadline} from './limits.js';
import {type Model} from './model.js';
import {type Purse} from './purse.js';
import {type CallOutcome} from './result.js';

/**
What a run may still call, by time and money.
*/
export type Allowance = {
	/**
	Set money aside for calls before they are made: for all of them or, when a limit forbids it, for none.

	@returns the limit that forbids them, in a sentence; null when none does.
	*/
	readonly reserve: (
		calls: ReadonlyArray<readonly [callId: string, usd: number]>,
	) => string | null;

	/**
	The same for a call that was made and takes more than was reckoned with.
	*/
	readonly extend: (callId: string, usd: number) => string | null;

	/**
	A call has ended: what it cost, in US dollars, takes the place of what was set aside. With null this counts, since nobody knows. Nothing changes for a call that was settled before.
	*/
	readonly settle: (callId: string, costUsd: number | null) => void;

	/**
	Why no new call may start any more, in a sentence; null while the time is not over.
	*/
	readonly overtime: () => string | null;
};

export function createAllowance({
	budgetUsd,
	spentUsd,
	purse,
	deadline,
	outer = null,
}: {
	readonly budgetUsd: number | null;

	/**
	What the run has cost before.
	*/
	readonly spentUsd: number;
	readonly purse: Purse | null;
	readonly deadline: Deadline;

	/**
	Of the run in which this one speaks: whatever is spent here is spent there, and counted in its purse.
	*/
	readonly outer?: Allowance | null;
}): Allowance {
	const shared: Purse | null = outer
		? {reserve: outer.extend, settle: outer.settle}
		: purse;
	const reserved = new Map<string, number>();
	let spent = spentUsd;

	const settle = (callId: string, costUsd: number | null) => {
		const usd = reserved.get(callId);

		if (usd !== undefined) {
			spent += costUsd ?? usd;
			reserved.delete(callId);
			shared?.settle(callId, costUsd);
		}
	};

	const overBudget = (usd: number) => {
		const taken = reserved.values().reduce((sum, each) => sum + each, spent);

		return budgetUsd !== null && taken + usd > budgetUsd
			? `The budget of $${budgetUsd} would be exceeded: $${taken.toFixed(4)} so far, and $${usd.toFixed(4)} more must be set aside for the next calls.`
			: null;
	};

	const extend = (callId: string, usd: number) => {
		const refusal = overBudget(usd) ?? shared?.reserve(callId, usd) ?? null;

		if (refusal === null) {
			reserved.set(callId, (reserved.get(callId) ?? 0) + usd);
		}

		return refusal;
	};

	const overtime = () =>
		deadline.isOver()
			? `The time limit of ${deadline.timeoutSeconds} s was reached.`
			: (outer?.overtime() ?? null);

	return {
		settle,
		extend,
		overtime,
		reserve(calls) {
			const usd = calls.reduce((sum, [, each]) => sum + each, 0);
			const refusal = overtime() ?? overBudget(usd);

			if (refusal !== null) {
				return refusal;
			}

			for (const [index, [callId, each]] of calls.entries()) {
				const refused = extend(callId, each);

				if (refused !== null) {
					for (const [before] of calls.slice(0, index)) {
						settle(before, 0);
					}

					return refused;
				}
			}

			return null;
		},
	};
}

/**
What a call comes to in an allowance: nothing for a consortium, whose own calls were paid one by one; else what it cost and, for each attempt that broke, of which nobody knows what it cost, what was set aside for one.
*/
export function chargeOf(
	{isConsortium}: Model,
	{costUsd, brokenAttempts}: Pick<CallOutcome, 'costUsd' | 'brokenAttempts'>,
	reservedUsd: number,
): number | null {
	return isConsortium
		? 0
		: costUsd === null
			? null
			: costUsd + brokenAttempts.length * reservedUsd;
}
