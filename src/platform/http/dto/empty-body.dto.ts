/** The body of an operation that takes none: absent, or `{}`. A field in it is a mistake that must not go unnoticed. */
export class EmptyBodyDto {}
