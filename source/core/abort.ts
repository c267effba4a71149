/**
Who ended a call or a run before its time:

- `person`: interrupted (Ctrl+C) or stopped by hand
- `hangup`, `terminated`: the terminal went away, or the process was told to end
- `pipe`: nobody reads the output any more
- `strategy`: it had heard enough
- `time`, `budget`: a limit of the run
*/
export type AbortKind =
	'person' | 'hangup' | 'terminated' | 'pipe' | 'strategy' | 'time' | 'budget';

/**
The reason that travels with an abort signal.
*/
export class Abort extends Error {
	override readonly name = 'Abort';
	readonly kind: AbortKind;

	constructor(kind: AbortKind) {
		super(`Stopped: ${kind}.`);
		this.kind = kind;
	}
}

/**
Why a signal was aborted; a reason that is not ours counts as a person's.
*/
export function abortKindOf(signal: AbortSignal): AbortKind {
	return signal.reason instanceof Abort ? signal.reason.kind : 'person';
}
