/**
What speaks for a response's place in a run, the strongest first; how much each counts stands in `evidence.ts`.

- `recorded`: the plug-in's own tables, or the columns `consortium_id` and `is_arbiter_response`, say so.
- `named`: the run's recorded result names this response by its id.
- `text`: the text is the one that was recorded for this place, or that an arbiter of the run was shown.
- `form`: the prompt has a form that only this role's prompts have.
- `question`: the prompt holds the run's question.
- `time`: the call lies within the run.
- `model`: the run asked this model.
- `next`: it stands where the order of the calls has this place.
*/
export type Evidence =
	| 'recorded'
	| 'named'
	| 'text'
	| 'form'
	| 'question'
	| 'time'
	| 'model'
	| 'next';

export type FoundRole = 'output' | 'member' | 'arbiter';

/**
A response in its place.
*/
export type FoundResponse = {
	readonly responseId: string;
	readonly role: FoundRole;

	/**
	What llm's column calls it: 0 a member or an output, 1 the final arbiter, 2 an earlier one.
	*/
	readonly isArbiterResponse: 0 | 1 | 2;

	/**
	Counted from 1; null for the output, and where it is unknown.
	*/
	readonly iteration: number | null;

	/**
	`model#n` as far as it is known.
	*/
	readonly instance: string | null;
	readonly evidence: readonly Evidence[];

	/**
	The sum of what its evidence counts.
	*/
	readonly score: number;
};

/**
A run of a consortium in a log that never recorded it as such.
*/
export type FoundRun = {
	/**
	The id of its output; without one, made from its time and the id of its final arbiter. Sorts by time.
	*/
	readonly id: string;
	readonly outputId: string | null;

	/**
	The id by which the plug-in knew it.
	*/
	readonly recordedId: string | null;
	readonly consortium: string | null;
	readonly arbiter: string | null;
	readonly prompt: string;
	readonly confidence: number | null;
	readonly iterations: number;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly startedAt: number;
	readonly durationMs: number | null;

	/**
	The output included; no response twice.
	*/
	readonly responses: readonly FoundResponse[];

	/**
	What is missing or odd, a sentence each.
	*/
	readonly problems: readonly string[];

	/**
	Where another run asked this one, as one of its members or as its arbiter; null when a person did. Its output is a response of this run alone.
	*/
	readonly parent: Parent | null;
};

/**
A place that a response may have.
*/
export type Proposal = Omit<FoundResponse, 'responseId'> & {
	readonly runId: string;
};

/**
The place in another run that a run was asked for.
*/
export type Parent = Omit<Proposal, 'isArbiterResponse'>;

/**
What a person should decide: which of the proposals is right, or none.
*/
export type Doubt = {
	/**
	The same for the same doubt whenever it is found again.
	*/
	readonly id: string;
	readonly runId: string | null;
	readonly responseId: string | null;

	/**
	`weak`: little speaks for the only proposal; `tie`: several are as likely; `lonely`: an output without arbiter or members, of which nothing but the model's name says that it is one.
	*/
	readonly kind: 'weak' | 'tie' | 'lonely';

	/**
	A sentence.
	*/
	readonly reason: string;

	/**
	The likeliest first; for a lonely output, that it is one.
	*/
	readonly proposals: readonly Proposal[];
};

/**
The version of the algorithm: what an older one decided may be decided anew, what a person decided never is.
*/
export const backfillVersion = 1;
