/**
What of a foreign log goes into a row of `responses`, whatever table it came from. Numbers of fragments, tools and instances are those of the foreign file.
*/
export type ForeignResponse = {
	readonly id: string;
	readonly generation: 1 | 2;
	readonly columns: {
		readonly model: string;
		readonly prompt: string;
		readonly system: string | null;
		readonly prompt_json: string | null;
		readonly options_json: string | null;
		readonly response: string;
		readonly response_json: string | null;
		readonly conversation_id: string | null;
		readonly duration_ms: number | null;
		readonly datetime_utc: string | null;
		readonly input_tokens: number | null;
		readonly output_tokens: number | null;
		readonly token_details: string | null;
		readonly schema_id: string | null;
		readonly resolved_model: string | null;
	};

	/**
	JSON of what our table has no column for.
	*/
	readonly extra: string | null;
	readonly promptAttachments: ReadonlyArray<Link<string>>;
	readonly promptFragments: ReadonlyArray<Link<number>>;
	readonly systemFragments: ReadonlyArray<Link<number>>;
	readonly tools: readonly number[];
	readonly calls: readonly ForeignToolCall[];
	readonly results: readonly ForeignToolResult[];
};

/**
What belongs to a response, and its place among its like.
*/
export type Link<Id> = {readonly to: Id; readonly order: number};

export type ForeignToolCall = {
	readonly toolId: number | null;
	readonly name: string | null;
	readonly arguments: string | null;
	readonly toolCallId: string | null;
};

export type ForeignToolResult = {
	readonly toolId: number | null;
	readonly name: string | null;
	readonly output: string | null;
	readonly toolCallId: string | null;
	readonly instanceId: number | null;
	readonly exception: string | null;
	readonly attachments: ReadonlyArray<Link<string>>;
};

/**
Columns of a foreign row that have a place of their own here.
*/
export const knownColumns: ReadonlySet<string> = new Set([
	'id',
	'model',
	'prompt',
	'system',
	'prompt_json',
	'options_json',
	'response',
	'response_json',
	'conversation_id',
	'thread_id',
	'duration_ms',
	'datetime_utc',
	'input_tokens',
	'output_tokens',
	'token_details',
	'schema_id',
	'resolved_model',
	'consortium_id',
	'is_arbiter_response',
]);
