export const failureKinds = [
	'auth',
	'quota',
	'rate',
	'overloaded',
	'bad-request',
	'context-length',
	'network',
	'timeout',
	'stalled',
	'cut-off',
	'unexpected',
] as const;

export type FailureKind = (typeof failureKinds)[number];

/**
Why a call gave no answer: a value in the stream, never a throw.
*/
export type Failure = {
	readonly kind: FailureKind;

	/**
	One sentence for a person, without keys or request bodies.
	*/
	readonly message: string;

	/**
	Whether a fresh attempt of ours may help. False once the provider's own retries are spent: only the adapter knows that, so only the adapter decides.
	*/
	readonly retryable: boolean;

	/**
	The HTTP status, where there was one.
	*/
	readonly status: number | null;

	/**
	The provider's name for the request, for its support desk.
	*/
	readonly requestId: string | null;
};

/**
Carries a `Failure` out of an adapter. It is caught in one place, the call, and goes no further.
*/
export class ModelError extends Error {
	override readonly name = 'ModelError';
	readonly failure: Failure;

	constructor(failure: Failure, options?: ErrorOptions) {
		super(failure.message, options);
		this.failure = failure;
	}
}

/**
What an adapter threw, as data. Whether it was an abort of ours is the caller's question to its own signal, and comes first: the SDKs' error classes do not agree.
*/
export function toFailure(error: unknown): Failure {
	if (error instanceof ModelError) {
		return error.failure;
	}

	return {
		kind: 'unexpected',
		message: error instanceof Error ? error.message : String(error),
		retryable: false,
		status: null,
		requestId: null,
	};
}
