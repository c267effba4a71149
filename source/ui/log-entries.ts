export type ConversationEntry = {
	readonly id: string;

	/**
	The first question, or the name it was given.
	*/
	readonly title: string;

	/**
	The id of the conversation whose beginning it shares.
	*/
	readonly forkedFrom: string | null;
	readonly consortium: string;
	readonly turns: number;
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly lastAt: number;

	/**
	Its last run was cancelled, met a limit, or was cut off with its program, and can be resumed.
	*/
	readonly isBrokenOff: boolean;

	/**
	It stands in the log of another program, and can only be read.
	*/
	readonly isImported: boolean;

	/**
	Where the words that were looked for are; null when none were.
	*/
	readonly hit: Hit | null;
};

/**
A place in a conversation.
*/
export type Hit = {
	/**
	Whose words these are, such as an instance; `question`, `answer` or `name`.
	*/
	readonly who: string;
	readonly iteration: number | null;

	/**
	The run and the response they belong to; null for a name.
	*/
	readonly runId: string | null;
	readonly responseId: string | null;
	readonly snippet: ReadonlyArray<{
		readonly text: string;
		readonly isMarked: boolean;
	}>;

	/**
	What was looked for, each to be matched in a text in form NFD.
	*/
	readonly words: readonly RegExp[];

	/**
	What came into the log later has a higher one.
	*/
	readonly place: number;
};

/**
A question or an answer of an imported conversation, which a line begins that says whose it is.
*/
export type ImportedText = {
	readonly responseId: string;
	readonly isQuestion: boolean;
	readonly text: string;
};

/**
An answer of which the search for runs in the log was not sure.
*/
export type DoubtEntry = {
	readonly id: string;
	readonly reason: string;

	/**
	What is to be placed; null when it is no longer in the log.
	*/
	readonly response: {
		readonly model: string;

		/**
		Milliseconds since the Unix epoch; null when unknown.
		*/
		readonly at: number | null;

		/**
		The end of it, where it is long.
		*/
		readonly prompt: string;
		readonly text: string;
	} | null;
	readonly proposals: readonly ProposalEntry[];
};

/**
A place that a response may have in a run.
*/
export type ProposalEntry = {
	readonly runId: string;
	readonly role: string;
	readonly iteration: number | null;
	readonly instance: string | null;

	/**
	What speaks for it, in words.
	*/
	readonly evidence: readonly string[];
	readonly score: number;

	/**
	Null when it is no longer in the log.
	*/
	readonly run: {
		readonly consortium: string | null;
		readonly question: string;

		/**
		Its beginning and end, in milliseconds since the Unix epoch.
		*/
		readonly at: number;
		readonly endedAt: number | null;

		/**
		How many were found of it.
		*/
		readonly members: number;
		readonly arbiters: number;

		/**
		What is missing or odd, a sentence each.
		*/
		readonly problems: readonly string[];
	} | null;
};
