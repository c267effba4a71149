/**
Something the person can put right: wrong flags, an unknown name, a missing key. `message` says what and where in one sentence; `hint` says what to do, if possible as something to type.
*/
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly hint: string;

	constructor(message: string, hint = '', options?: ErrorOptions) {
		super(message, options);
		this.hint = hint;
	}
}
