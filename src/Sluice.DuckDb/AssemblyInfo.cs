// Every native signature is blittable as written; nothing may be marshalled behind our back.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]
