/**
What a strategy wants to know that only the outside can tell. `command`: whether a command of the person's own accepts an answer. `regex`: whether an answer matches a regular expression, which may take for ever and is therefore given up after a while. `similarity`: how alike some answers are, by their meaning in the eyes of an embedding model.
*/
export type ObservationRequest =
	| {
			readonly kind: 'command';
			readonly command: string;
			readonly answer: string;
	  }
	| {
			readonly kind: 'regex';
			readonly pattern: string;
			readonly answer: string;
	  }
	| {
			readonly kind: 'similarity';
			readonly model: string;
			readonly answers: ReadonlyArray<{
				readonly instance: string;
				readonly callId: string;
				readonly text: string;
			}>;
	  };

/**
What came of it. `problem` says why it could not be found out, in a sentence; null when it could.
*/
export type Observation = {readonly problem: string | null} & (
	| {
			readonly kind: 'command';
			readonly command: string;
			readonly isMet: boolean;

			/**
			What the command said, in a line.
			*/
			readonly detail: string;
	  }
	| {
			readonly kind: 'regex';
			readonly pattern: string;
			readonly isMet: boolean;
	  }
	| {
			readonly kind: 'similarity';
			readonly model: string;
			readonly instances: readonly string[];

			/**
			The calls whose answers were compared, in the order of `instances`.
			*/
			readonly calls: readonly string[];

			/**
			-1 to 1 for each pair, in the order of `instances`; empty when there is a problem.
			*/
			readonly matrix: ReadonlyArray<readonly number[]>;

			/**
			US dollars; null when it is unknown.
			*/
			readonly costUsd: number | null;
	  }
);

export type Observer = {
	/**
	Find out. It throws nothing but what the signal aborts it with.
	*/
	readonly observe: (
		request: ObservationRequest,
		signal: AbortSignal,
	) => Promise<Observation>;

	/**
	What finding out will about cost in US dollars; null when that is unknown.
	*/
	readonly priceOf: (request: ObservationRequest) => Promise<number | null>;
};

/**
What is told of a request that comes to nothing.
*/
export function notObserved(
	request: ObservationRequest,
	problem: string,
): Observation {
	switch (request.kind) {
		case 'command': {
			const {kind, command} = request;
			return {kind, command, isMet: false, detail: '', problem};
		}

		case 'regex': {
			const {kind, pattern} = request;
			return {kind, pattern, isMet: false, problem};
		}

		case 'similarity': {
			const {kind, model, answers} = request;
			return {
				kind,
				model,
				instances: answers.map(({instance}) => instance),
				calls: answers.map(({callId}) => callId),
				matrix: [],
				costUsd: 0,
				problem,
			};
		}
	}
}

/**
What it cost to find out, in US dollars; null when that is unknown.
*/
export function costOf(observation: Observation): number | null {
	return observation.kind === 'similarity' ? observation.costUsd : 0;
}

/**
For runs that were given no way to find out.
*/
export const noObserver: Observer = {
	observe: async request =>
		notObserved(request, 'There is no way to find it out here.'),
	priceOf: async () => 0,
};
